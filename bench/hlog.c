#include "bench/hlog.h"
