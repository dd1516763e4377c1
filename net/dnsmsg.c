#include "net/dnsmsg.h"
