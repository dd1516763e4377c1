/*
 * words.h -- is a word of the file what it is meant to be?
 *
 * By form only: nothing is asked.  What AWS accepts is never refused.
 */
#ifndef PROVISION_SPEC_WORDS_H
#define PROVISION_SPEC_WORDS_H

#include <stdbool.h>

bool spec_word_any(const char *word);          /* not empty, no control byte */
bool spec_word_path(const char *word);         /* a path's or consumer's name */
bool spec_word_suffix(const char *word);       /* of a load balancer's name */
bool spec_word_account(const char *word);      /* twelve digits */
bool spec_word_region(const char *word);       /* us-gov-west-1 */
bool spec_word_role(const char *word);         /* arn:aws:iam::...:role/... */
bool spec_word_vpc(const char *word);          /* vpc-... */
bool spec_word_subnet(const char *word);       /* subnet-... */
bool spec_word_group(const char *word);        /* sg-... */
bool spec_word_endpoint(const char *word);     /* vpce-... */
bool spec_word_service(const char *word);      /* vpce-svc-... */
bool spec_word_service_name(const char *word); /* com.amazonaws.vpce.... */
bool spec_word_load_balancer(const char *word); /* of a network one: ARN */
bool spec_word_target_group(const char *word);  /* its ARN */
bool spec_word_cache(const char *word);         /* an ElastiCache id */
bool spec_word_host(const char *word);          /* a DNS name or an address */
bool spec_word_dns_name(const char *word);      /* with a dot at least */
bool spec_word_cidr(const char *word);          /* IPv4, no host bits */

/* "arn:aws:iam::111122223333:role/app" and what it lets in. */
enum spec_principal {
    SPEC_PRINCIPAL_BAD,
    SPEC_PRINCIPAL_PATH, /* role/team/app: AWS does not take these here */
    SPEC_PRINCIPAL_ONE,  /* a user or a role */
    SPEC_PRINCIPAL_ROOT, /* all of an account */
    SPEC_PRINCIPAL_ALL,  /* "*" */
};
enum spec_principal spec_word_principal(const char *word);

#endif /* PROVISION_SPEC_WORDS_H */
