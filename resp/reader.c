#include "resp/reader.h"
