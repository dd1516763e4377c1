/*
 * main.c -- linkprobe-provision: what `linkprobe provision` is handed
 * to.
 */
#include "commands/provision/provision.h"
#include "commands/start.h"

int main(int argc, char **argv)
{
    start();
    return command_provision(argc, argv);
}
