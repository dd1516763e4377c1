/*
 * A packed result says the same as the one it was made of.
 */
#include <stdlib.h>
#include <string.h>

#include "report/format.h"
#include "report/metrics.h"
#include "scene.h"
#include "serve/pack.h"
#include "support/unit.h"

static struct scene scene;
static struct serve_unpacked unpacked;

typedef void (*make)(struct scene *scene);

static const make scenes[] = {
    scene_healthy,     scene_one_dead, scene_tolerated, scene_tls,
    scene_dns_failure, scene_literal,  scene_hostile,   scene_crowd,
    scene_rare,        scene_watchdog,
};

static char *metrics_of(const struct report_item *item)
{
    struct metrics metrics = { .target_labels = true };
    struct report_buffer out = { 0 };

    metrics_item(&metrics, item);
    metrics_write(&metrics, &out);
    report_add(&out, "", 1);
    assert_false(out.failed);
    metrics_free(&metrics);
    return out.bytes;
}

static void the_metrics_of_each_scene_are_the_same(void **state)
{
    static const struct serve_words words;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(scenes); i++) {
        struct serve_packed *packed;
        char *before, *after;

        scenes[i](&scene);
        packed = serve_pack(&scene.item, &words);
        serve_unpack(packed, &scene.target, &unpacked);
        before = metrics_of(&scene.item);
        after = metrics_of(&unpacked.item);
        assert_string_equal(before, after);
        assert_int_equal(serve_packed_status(packed),
                         scene.outcome.verdict.status);
        assert_int_equal(serve_packed_id(packed), scene.outcome.verdict.id);
        assert_int_equal(serve_packed_time_ms(packed), scene.item.time_ms);
        assert_true(serve_same_addresses(&unpacked, &scene.evidence));
        free(before);
        free(after);
        free(packed);
    }
}

/* Of one that --address or MOVED gave another port; of IPv6 with a zone. */
static void an_address_comes_back_whole(void **state)
{
    static const struct serve_words words;
    struct net_addr *addr = &scene.addresses[0].addr;
    struct net_addr kept;
    struct serve_packed *packed;

    (void)state;
    scene_healthy(&scene);
    assert_true(net_addr_parse("fe80::1", 7777, addr));
    addr->sa.v6.sin6_scope_id = 42;
    kept = *addr;
    packed = serve_pack(&scene.item, &words);
    serve_unpack(packed, &scene.target, &unpacked);
    assert_true(net_addr_equal(&unpacked.addresses[0].addr, &kept));
    assert_int_equal(net_addr_port(&unpacked.addresses[0].addr), 7777);
    free(packed);
}

static void the_words_come_back(void **state)
{
    struct serve_words words = { .id = "TLS_ALERT_70",
                                 .where = "provider",
                                 .changes = true };
    struct serve_packed *packed;

    (void)state;
    scene_one_dead(&scene);
    memset(words.summary, 's', SERVE_TEXT_MAX);
    memset(words.evidence, 'e', SERVE_TEXT_MAX);
    memset(words.fix, 'f', SERVE_TEXT_MAX);
    packed = serve_pack(&scene.item, &words);
    serve_unpack(packed, &scene.target, &unpacked);
    assert_memory_equal(&unpacked.words, &words, sizeof(words));
    free(packed);
}

static void ten_thousand_of_them_take_less_than_two_megabytes(void **state)
{
    static const struct serve_words words;
    struct serve_packed *packed;

    (void)state;
    scene_healthy(&scene);
    packed = serve_pack(&scene.item, &words);
    assert_true(serve_packed_size(packed) < 128);
    free(packed);
}

static void another_set_of_addresses_is_seen(void **state)
{
    static const struct serve_words words;
    const struct evidence_address *first;
    struct serve_packed *packed;

    (void)state;
    scene_healthy(&scene);
    packed = serve_pack(&scene.item, &words);
    serve_unpack(packed, &scene.target, &unpacked);
    first = scene.pointers[0];
    scene.pointers[0] = scene.pointers[1];
    scene.pointers[1] = first;
    assert_true(serve_same_addresses(&unpacked, &scene.evidence));
    assert_true(net_addr_parse("198.18.9.9", 6379, &scene.addresses[0].addr));
    assert_false(serve_same_addresses(&unpacked, &scene.evidence));
    scene.evidence.naddresses = 1;
    assert_false(serve_same_addresses(&unpacked, &scene.evidence));
    free(packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_metrics_of_each_scene_are_the_same),
        cmocka_unit_test(an_address_comes_back_whole),
        cmocka_unit_test(the_words_come_back),
        cmocka_unit_test(ten_thousand_of_them_take_less_than_two_megabytes),
        cmocka_unit_test(another_set_of_addresses_is_seen),
    };

    return cmocka_run_group_tests_name("serve_pack", tests, NULL, NULL);
}
