#include "verdict/threshold.h"
