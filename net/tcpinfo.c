#include "net/tcpinfo.h"
