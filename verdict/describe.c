#include "verdict/describe.h"
