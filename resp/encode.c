#include "resp/encode.h"
