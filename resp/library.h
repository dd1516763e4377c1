/*
 * library.h -- the version of hiredis that this was built with.
 */
#ifndef RESP_LIBRARY_H
#define RESP_LIBRARY_H

const char *resp_hiredis_version(void);

#endif /* RESP_LIBRARY_H */
