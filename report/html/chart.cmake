# The chart library of the page is Chart.js (MIT) as the system has it: Debian's
# libjs-chart.js, or npm's chart.js.  It goes into the program at build time and
# from there into each page, so that a page works anywhere and offline.
find_file(LINKPROBE_CHARTJS
    NAMES chart.umd.min.js chart.umd.js chart.min.js
    PATHS ${PROJECT_SOURCE_DIR}/node_modules/chart.js/dist
        /usr/share/javascript/chart.js
        /usr/share/nodejs/chart.js/dist
        /usr/local/lib/node_modules/chart.js/dist
        /usr/lib/node_modules/chart.js/dist
    NO_DEFAULT_PATH
    DOC "Chart.js 3 or 4, the minified file with everything in it")
if(LINKPROBE_CHARTJS)
    message(STATUS "Chart.js: ${LINKPROBE_CHARTJS}")
else()
    message(STATUS "Chart.js: not found (libjs-chart.js): "
        "no bench --html in this build")
endif()
