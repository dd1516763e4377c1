#include "verdict/status.h"
