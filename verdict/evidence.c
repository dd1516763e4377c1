#include "verdict/evidence.h"
