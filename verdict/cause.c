#include "verdict/cause.h"
