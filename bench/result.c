#include "bench/result.h"
