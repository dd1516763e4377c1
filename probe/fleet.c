#include "probe/fleet.h"
