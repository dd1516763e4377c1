#ifndef STUB
#endif
