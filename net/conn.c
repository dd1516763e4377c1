#include "net/conn.h"
