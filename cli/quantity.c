#include "cli/quantity.h"
