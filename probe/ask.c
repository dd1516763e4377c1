#include "probe/ask.h"
