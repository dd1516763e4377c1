# linkprobe_module(net SOURCES ... HEADERS ... [NEEDS ...] [PRIVATE_NEEDS ...]
# [SMALL]) is the static library linkprobe_net.  Each header must compile on its
# own.  SMALL is code that runs once or seldom: its size counts, since the pages
# of the program are most of the memory of a check.
function(linkprobe_module name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "SMALL"
        "" "SOURCES;HEADERS;NEEDS;PRIVATE_NEEDS")
    set(target linkprobe_${name})
    add_library(${target} STATIC ${arg_SOURCES})
    target_sources(${target} PUBLIC FILE_SET HEADERS
        BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${arg_HEADERS})
    set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
    target_link_libraries(${target} PUBLIC linkprobe_flags ${arg_NEEDS}
        PRIVATE ${arg_PRIVATE_NEEDS})
    if(arg_SMALL)
        target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-Os>)
    endif()
endfunction()
