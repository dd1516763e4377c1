/*
 * library.c -- hiredis tells its version at compile time only.
 */
#include "resp/library.h"

#include <hiredis/hiredis.h>

#define TEXT(x)   #x
#define NUMBER(x) TEXT(x)

const char *resp_hiredis_version(void)
{
    return NUMBER(HIREDIS_MAJOR) "." NUMBER(HIREDIS_MINOR) "." NUMBER(
        HIREDIS_PATCH);
}
