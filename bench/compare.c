#include "bench/compare.h"
