/*
 * serve.h -- linkprobe serve: the exporter.
 */
#ifndef COMMANDS_SERVE_SERVE_H
#define COMMANDS_SERVE_SERVE_H

/* A main() of its own, as those of commands.h; argv[0] is "serve". */
int command_serve(int argc, char **argv);

#endif /* COMMANDS_SERVE_SERVE_H */
