/*
 * libraries.h -- the versions of the libraries behind net/, as they run.
 */
#ifndef NET_LIBRARIES_H
#define NET_LIBRARIES_H

const char *net_libuv_version(void);
const char *net_cares_version(void);

#endif /* NET_LIBRARIES_H */
