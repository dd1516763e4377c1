#include "verdict/classify.h"
