/*
 * track_address.c -- one address, or one verdict, against what was believed.
 */
#include <stdio.h>
#include <string.h>

#include "watch/track_parts.h"

enum {
    DAY_S = 24 * 60 * 60,
    DAYS_NEVER = 1 << 20,
};

/* Days before its end at which a certificate is spoken of, once each. */
static const int marks[] = { 30, 14, 7, 3, 1, 0 };

static void set_text(char *out, size_t size, const char *text)
{
    (void)snprintf(out, size, "%s", text ? text : "");
}

void track_state_begin(struct track_state *state, const char *id,
                       enum check_status status, int64_t time_ms)
{
    *state = (struct track_state){ .status = status, .since_ms = time_ms };
    set_text(state->id, sizeof(state->id), id);
}

static void remember(struct track_address *kept,
                     const struct snapshot_address *seen)
{
    bool well = seen->status == CHECK_OK || seen->status == CHECK_WARNING;

    if (kept->nhistory == TRACK_HISTORY) {
        kept->nhistory--;
        memmove(kept->history, kept->history + 1,
                kept->nhistory * sizeof(kept->history[0]));
    }
    kept->history[kept->nhistory++] = well ? seen->total_us : TRACK_FAILED;
}

void track_address_begin(struct track_address *kept, const struct snapshot *now,
                         const struct snapshot_address *seen)
{
    struct latency_step step;

    track_state_begin(&kept->state, seen->id, seen->status, now->time_ms);
    kept->known = true;
    remember(kept, seen);
    kept->role = seen->role;
    kept->not_after = seen->not_after;
    kept->warned_days = DAYS_NEVER;
    set_text(kept->run_id, sizeof(kept->run_id), seen->run_id);
    for (unsigned i = 0; i < STAGE_COUNT; i++) {
        if (seen->states[i] == STAGE_PASSED)
            (void)latency_add(&kept->latency[i], seen->took_us[i], &step);
    }
}

static struct event event_of(enum event_kind kind,
                             const struct snapshot_address *address,
                             const char *from, const char *to)
{
    struct event event = { .kind = kind,
                           .address = address,
                           .status = address->status,
                           .stage = STAGE_COUNT };

    set_text(event.from, sizeof(event.from), from);
    set_text(event.to, sizeof(event.to), to);
    return event;
}

static void compare_role(struct track *track, struct track_address *kept,
                         const struct snapshot *now,
                         const struct snapshot_address *seen)
{
    struct event event;

    if (seen->role == ROLE_UNKNOWN || seen->role == kept->role)
        return;
    event = event_of(EVENT_ROLE, seen, server_role_token(kept->role),
                     server_role_token(seen->role));
    if (kept->role != ROLE_UNKNOWN)
        track_tell(track, &event, now);
    kept->role = seen->role;
}

static void compare_run_id(struct track *track, struct track_address *kept,
                           const struct snapshot *now,
                           const struct snapshot_address *seen)
{
    struct event event;

    if (!seen->run_id[0] || strcmp(seen->run_id, kept->run_id) == 0)
        return;
    event = event_of(EVENT_RUN_ID, seen, kept->run_id, seen->run_id);
    if (kept->run_id[0])
        track_tell(track, &event, now);
    set_text(kept->run_id, sizeof(kept->run_id), seen->run_id);
}

/* The smallest mark that `days` has reached; DAYS_NEVER: none. */
static int mark_of(int64_t days)
{
    int mark = DAYS_NEVER;

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (days <= marks[i])
            mark = marks[i];
    }
    return mark;
}

static int64_t days_left(const struct snapshot *now, int64_t not_after)
{
    int64_t left = not_after - now->time_ms / 1000;

    return left >= 0 ? left / DAY_S : -((-left + DAY_S - 1) / DAY_S);
}

void track_certificate(struct track *track, struct track_address *kept,
                       const struct snapshot *now,
                       const struct snapshot_address *seen)
{
    bool other = seen->not_after != kept->not_after && kept->not_after != 0;
    struct event event = event_of(EVENT_CERTIFICATE, seen, "", "");
    int mark;

    if (seen->not_after == 0)
        return;
    event.from_n = days_left(now, kept->not_after);
    event.to_n = days_left(now, seen->not_after);
    mark = mark_of(event.to_n);
    if (other)
        (void)snprintf(event.from, sizeof(event.from), "%lld days",
                       (long long)event.from_n);
    (void)snprintf(event.to, sizeof(event.to), "%lld days",
                   (long long)event.to_n);
    if (other || mark < kept->warned_days)
        track_tell(track, &event, now);
    kept->not_after = seen->not_after;
    kept->warned_days = mark;
}

void track_latency(struct track *track, struct latency *latency,
                   enum stage stage, const struct snapshot *now,
                   const struct snapshot_address *address, uint32_t us)
{
    struct event event = { .kind = EVENT_LATENCY,
                           .address = address,
                           .status = address ? address->status : now->status,
                           .stage = stage };
    struct latency_step step;

    if (!latency_add(latency, us, &step))
        return;
    event.from_us = step.from_us;
    event.to_us = step.to_us;
    (void)snprintf(event.from, sizeof(event.from), "%u us",
                   (unsigned)step.from_us);
    (void)snprintf(event.to, sizeof(event.to), "%u us", (unsigned)step.to_us);
    track_tell(track, &event, now);
}

/* Is `status`, instead of what is believed, good news? */
static unsigned enough(const struct track *track, enum check_status status)
{
    return status == CHECK_OK ? track->rise : track->fall;
}

void track_verdict(struct track *track, struct track_state *state,
                   const struct snapshot *now,
                   const struct snapshot_address *address)
{
    const char *id = address ? address->id : now->id;
    enum check_status status = address ? address->status : now->status;
    struct event event = { .kind = EVENT_VERDICT,
                           .address = address,
                           .status = status,
                           .stage = address ? STAGE_COUNT : now->stage };

    if (strcmp(id, state->id) == 0) {
        state->times = 0;
        state->status = status;
        return;
    }
    /* failures in a row count together, whichever they are */
    if (state->times == 0 ||
        (status == CHECK_OK) != (strcmp(state->next, "OK") == 0)) {
        state->times = 0;
        state->next_ms = now->time_ms;
    }
    set_text(state->next, sizeof(state->next), id);
    state->times++;
    if (state->times < enough(track, status))
        return;
    event.times = state->times;
    set_text(event.from, sizeof(event.from), state->id);
    set_text(event.to, sizeof(event.to), id);
    set_text(state->id, sizeof(state->id), id);
    state->status = status;
    state->since_ms = state->next_ms;
    state->times = 0;
    /* of an only address the target's verdict says it all */
    if (!address || now->naddresses > 1)
        track_tell(track, &event, now);
}

void track_address(struct track *track, struct track_address *kept,
                   const struct snapshot *now,
                   const struct snapshot_address *seen)
{
    if (!kept->known) {
        track_address_begin(kept, now, seen);
        track_certificate(track, kept, now, seen);
        return;
    }
    remember(kept, seen);
    compare_role(track, kept, now, seen);
    compare_run_id(track, kept, now, seen);
    track_certificate(track, kept, now, seen);
    for (unsigned i = 0; i < STAGE_COUNT; i++) {
        if (seen->states[i] == STAGE_PASSED)
            track_latency(track, &kept->latency[i], (enum stage)i, now, seen,
                          seen->took_us[i]);
    }
    track_verdict(track, &kept->state, now, seen);
}
