#include "resp/errors.h"
