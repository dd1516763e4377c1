/*
 * tls_trust.c -- whom we trust: CA files and directories.
 *
 * In this order: what the user names; what SSL_CERT_FILE and SSL_CERT_DIR name,
 * as with any program that uses OpenSSL; the system's own.  Of these a hashed
 * directory is much preferred: OpenSSL opens the one file it needs, when it
 * needs it, whereas a bundle of all CAs is 140 certificates to parse, eight
 * times the rest of a check.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/tls_openssl.h"

enum {
    HASH_DIGITS = 8,
    /* A directory of the system is believed to hold all of its CAs from here
     * on: one that an administrator keeps for own CAs holds fewer, and then
     * the bundle beside it counts. */
    HASHED_MANY = 16,
};

static const char *const system_dirs[] = {
    "/etc/ssl/certs",
    "/etc/pki/ca-trust/extracted/pem/directory-hash",
};

static const char *const system_bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
};

/* "9d66eef0.0", what `openssl rehash` makes? */
static bool is_hashed(const char *name)
{
    size_t n = 0;

    while (isxdigit((unsigned char)name[n]))
        n++;
    return n == HASH_DIGITS && name[n] == '.' &&
           isdigit((unsigned char)name[n + 1]);
}

/* How many hashed names a directory has, up to `enough`; 0 and errno when it
 * cannot be read. */
static unsigned hashed_count(const char *path, unsigned enough)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;
    unsigned found = 0;

    if (dir == NULL)
        return 0;
    while (found < enough && (entry = readdir(dir)) != NULL)
        if (is_hashed(entry->d_name))
            found++;
    closedir(dir);
    errno = 0;
    return found;
}

static bool dir_add(X509_STORE *store, const char *path)
{
    X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());

    return lookup != NULL &&
           X509_LOOKUP_add_dir(lookup, path, X509_FILETYPE_PEM) == 1;
}

/* A directory that somebody named, so it must be good. */
static bool dir_load(X509_STORE *store, const char *path, char *error,
                     size_t size)
{
    if (hashed_count(path, 1) == 0)
        (void)snprintf(error, size,
                       "CA directory %s: %s; expected names such as 9d66eef0.0 "
                       "(openssl rehash DIR makes them)",
                       path,
                       errno != 0 ? strerror(errno) : "holds no hashed names");
    else if (!dir_add(store, path))
        (void)snprintf(error, size, "CA directory %s: %s", path,
                       tls_fault_text());
    else
        return true;
    return false;
}

static void infos_free(STACK_OF(X509_INFO) * infos)
{
    sk_X509_INFO_pop_free(infos, X509_INFO_free);
}

/* Add the certificates of `infos`; how many, or -1 when out of memory. */
static int infos_add(X509_STORE *store, const STACK_OF(X509_INFO) * infos)
{
    int added = 0;

    for (int i = 0; i < sk_X509_INFO_num(infos); i++) {
        X509 *x509 = sk_X509_INFO_value(infos, i)->x509;

        if (x509 == NULL)
            continue;
        if (X509_STORE_add_cert(store, x509) != 1)
            return -1;
        added++;
    }
    return added;
}

/* Read a PEM file whole; -1 when it cannot be opened, and then errno says why.
 * One that is damaged anywhere is not believed at all. */
static int file_add(X509_STORE *store, const char *path)
{
    bool encrypted = false;
    STACK_OF(X509_INFO) * infos;
    int added;
    BIO *bio;

    errno = 0;
    bio = BIO_new_file(path, "r");
    if (bio == NULL)
        return -1;
    infos = PEM_X509_INFO_read_bio(bio, NULL, tls_no_password, &encrypted);
    BIO_free(bio);
    added = infos != NULL ? infos_add(store, infos) : 0;
    infos_free(infos);
    return added;
}

static bool file_load(X509_STORE *store, const char *what, const char *path,
                      char *error, size_t size)
{
    const int added = file_add(store, path);
    const int cause = errno;

    ERR_clear_error();
    if (added > 0)
        return true;
    (void)snprintf(error, size, "%s %s: %s", what, path,
                   cause == EISDIR || (added < 0 && cause != 0)
                       ? strerror(cause)
                       : "holds no certificates, or is damaged; expected PEM, "
                         "\"-----BEGIN CERTIFICATE-----\"");
    return false;
}

/* What the user names must be good, all of it. */
static bool named_load(X509_STORE *store, const struct net_tls_config *config,
                       char *error, size_t size)
{
    return (config->cacert == NULL ||
            file_load(store, "CA file", config->cacert, error, size)) &&
           (config->cacertdir == NULL ||
            dir_load(store, config->cacertdir, error, size));
}

/* A list as OpenSSL has it, "/a:/b"; those without hashed names are of no use
 * to it (Go reads them too, so they are found in the wild) and are left out. */
static bool list_add(X509_STORE *store, const char *list)
{
    char path[PATH_MAX];
    bool added = false;
    size_t n;

    for (; *list != '\0'; list += n + (list[n] == ':')) {
        n = strcspn(list, ":");
        if (n >= sizeof(path))
            continue;
        memcpy(path, list, n);
        path[n] = '\0';
        if (hashed_count(path, 1) > 0)
            added |= dir_add(store, path);
    }
    return added;
}

/* The first directory of the system with at least `enough` hashed names. */
static bool system_dir(X509_STORE *store, unsigned enough)
{
    const char *usual = X509_get_default_cert_dir();

    if (hashed_count(usual, enough) == enough)
        return dir_add(store, usual);
    for (size_t i = 0; i < sizeof(system_dirs) / sizeof(system_dirs[0]); i++)
        if (hashed_count(system_dirs[i], enough) == enough)
            return dir_add(store, system_dirs[i]);
    return false;
}

static bool system_bundle(X509_STORE *store)
{
    bool loaded = file_add(store, X509_get_default_cert_file()) > 0;

    for (size_t i = 0;
         !loaded && i < sizeof(system_bundles) / sizeof(system_bundles[0]); i++)
        loaded = file_add(store, system_bundles[i]) > 0;
    ERR_clear_error();
    return loaded;
}

/* Where nothing is verified no bundle is worth its price. */
static bool system_load(X509_STORE *store, enum net_tls_verify verify,
                        char *error, size_t size)
{
    if (system_dir(store, HASHED_MANY) || verify == NET_TLS_VERIFY_NONE ||
        system_bundle(store) || system_dir(store, 1))
        return true;
    (void)snprintf(
        error, size,
        "no CA certificates on this system, neither in %s nor in %s: "
        "install ca-certificates, or name a CA file",
        X509_get_default_cert_dir(), X509_get_default_cert_file());
    return false;
}

bool tls_trust_load(SSL_CTX *ctx, const struct net_tls_config *config,
                    char *error, size_t size)
{
    X509_STORE *store = SSL_CTX_get_cert_store(ctx);
    const char *file = secure_getenv(X509_get_default_cert_file_env());
    const char *dir = secure_getenv(X509_get_default_cert_dir_env());
    bool found;

    if (config->cacert != NULL || config->cacertdir != NULL)
        return named_load(store, config, error, size);
    found = dir != NULL && list_add(store, dir);
    if (file != NULL)
        return file_load(store, "CA file of SSL_CERT_FILE", file, error, size);
    return found || system_load(store, config->verify, error, size);
}
