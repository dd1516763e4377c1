#include "verdict/combine.h"
