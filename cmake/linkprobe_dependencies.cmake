# The libraries of others, each as one imported target linkprobe::NAME whose
# headers are system headers.  With LINKPROBE_ARCHIVES the program carries the
# small ones inside: it starts faster (no symbols to bind) and needs nothing but
# libc where it runs.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
set(OPENSSL_USE_STATIC_LIBS ${LINKPROBE_STATIC})
find_package(OpenSSL 3.0 REQUIRED)

# linkprobe_dependency(uv libuv ARCHIVES libuv_a.a libuv.a)
function(linkprobe_dependency name package)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "ARCHIVES")
    pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${package})
    add_library(linkprobe_dep_${name} INTERFACE)
    add_library(linkprobe::${name} ALIAS linkprobe_dep_${name})
    target_include_directories(linkprobe_dep_${name} SYSTEM INTERFACE
        ${${name}_INCLUDE_DIRS})
    set(archive archive-NOTFOUND)
    if(LINKPROBE_ARCHIVES AND arg_ARCHIVES)
        find_library(LINKPROBE_ARCHIVE_${name} NAMES ${arg_ARCHIVES})
        set(archive ${LINKPROBE_ARCHIVE_${name}})
    endif()
    if(archive)
        target_link_libraries(linkprobe_dep_${name} INTERFACE ${archive}
            Threads::Threads ${CMAKE_DL_LIBS})
    else()
        target_link_libraries(linkprobe_dep_${name} INTERFACE
            PkgConfig::${name})
    endif()
    message(STATUS "${package} ${${name}_VERSION}: ${archive}")
endfunction()

linkprobe_dependency(uv libuv ARCHIVES libuv_a.a libuv.a)
linkprobe_dependency(cares libcares ARCHIVES libcares_static.a libcares.a)
linkprobe_dependency(hiredis hiredis ARCHIVES libhiredis.a libhiredis_static.a)
linkprobe_dependency(yaml yaml-0.1 ARCHIVES libyaml.a)
linkprobe_dependency(zlib zlib ARCHIVES libz.a)
linkprobe_dependency(curl libcurl)
linkprobe_dependency(expat expat ARCHIVES libexpat.a)
# Never as an archive: json_object() and the like are names of cli/json.h, too.
linkprobe_dependency(jansson jansson)
# Of the exporter alone, and always as they are installed: their own archives
# would need a dozen more.
linkprobe_dependency(microhttpd libmicrohttpd)
linkprobe_dependency(gnutls gnutls)
