#include "bench/histogram.h"
