#include "bench/run.h"
