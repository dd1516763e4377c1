# What every target of this project, and no other, compiles with: link to
# linkprobe_flags.  No CMAKE_C_FLAGS, no add_compile_options, no globals.
add_library(linkprobe_flags INTERFACE)
target_compile_features(linkprobe_flags INTERFACE c_std_11)
target_compile_definitions(linkprobe_flags INTERFACE _GNU_SOURCE)
target_include_directories(linkprobe_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(linkprobe_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wwrite-strings
    -Wstrict-prototypes -Wmissing-prototypes
    $<$<BOOL:${LINKPROBE_WERROR}>:-Werror>)
if(LINKPROBE_SANITIZE)
    target_compile_options(linkprobe_flags INTERFACE -fno-omit-frame-pointer
        -fsanitize=${LINKPROBE_SANITIZE} -fno-sanitize-recover=all)
    target_link_options(linkprobe_flags INTERFACE
        -fsanitize=${LINKPROBE_SANITIZE})
endif()
