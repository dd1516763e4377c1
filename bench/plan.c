#include "bench/plan.h"
