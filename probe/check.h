#include "probe/target.h"
