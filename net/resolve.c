#include "net/resolve.h"
