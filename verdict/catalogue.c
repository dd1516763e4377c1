#include "verdict/catalogue.h"
