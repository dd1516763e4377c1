/*
 * The hash of the addresses: blackbox_exporter's for one, and of the set for
 * several.
 */
#include <stdlib.h>
#include <string.h>

#include "report/format.h"
#include "report/metrics.h"
#include "scene.h"
#include "support/unit.h"

static unsigned long hash_of(const struct scene *scene)
{
    struct metrics metrics = { .target_labels = false };
    const struct report_buffer *family = &metrics.families[METRICS_HASH];
    unsigned long hash = 0;

    metrics_item(&metrics, &scene->item);
    report_add(&metrics.families[METRICS_HASH], "", 1);
    assert_memory_equal(family->bytes, "probe_ip_addr_hash ", 19);
    hash = strtoul(family->bytes + 19, NULL, 10);
    metrics_free(&metrics);
    return hash;
}

static void swap(struct scene *scene, unsigned i, unsigned j)
{
    const struct evidence_address *first = scene->pointers[i];

    scene->pointers[i] = scene->pointers[j];
    scene->pointers[j] = first;
}

static void of_one_address_it_is_fnv_1a_of_its_bytes(void **state)
{
    static const unsigned char bytes[] = { 198, 18, 1, 69 };
    static struct scene scene;
    uint32_t hash = 2166136261U;

    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i++)
        hash = (hash ^ bytes[i]) * 16777619U;
    scene_tls(&scene);
    assert_int_equal(hash_of(&scene), hash);
}

static void rotation_leaves_it_and_another_address_does_not(void **state)
{
    static struct scene scene;
    unsigned long hash = 0;

    (void)state;
    scene_crowd(&scene);
    hash = hash_of(&scene);
    for (unsigned i = 0; i + 1 < scene.evidence.naddresses; i++) {
        swap(&scene, i, i + 1);
        assert_int_equal(hash_of(&scene), hash);
    }
    swap(&scene, 0, 3);
    assert_int_equal(hash_of(&scene), hash);
    assert_true(net_addr_parse("198.18.9.9", 6379, &scene.addresses[2].addr));
    assert_int_not_equal(hash_of(&scene), hash);
}

static void without_target_labels_a_series_has_only_its_own(void **state)
{
    static struct scene scene;
    struct metrics metrics = { .target_labels = false };
    struct report_buffer out = { 0 };

    (void)state;
    scene_one_dead(&scene);
    metrics_item(&metrics, &scene.item);
    metrics_write(&metrics, &out);
    report_add(&out, "", 1);
    assert_false(out.failed);
    assert_non_null(strstr(out.bytes, "\nprobe_success 0\n"));
    assert_non_null(strstr(
        out.bytes, "\nlinkprobe_address_success{address=\"198.18.2.69\"} 0\n"));
    assert_null(strstr(out.bytes, "target="));
    report_buffer_free(&out);
    metrics_free(&metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_one_address_it_is_fnv_1a_of_its_bytes),
        cmocka_unit_test(rotation_leaves_it_and_another_address_does_not),
        cmocka_unit_test(without_target_labels_a_series_has_only_its_own),
    };

    return cmocka_run_group_tests_name("report_metrics", tests, NULL, NULL);
}
