# A script: files into one C source, for what the program carries along.
#
#   cmake -DOUTPUT=FILE.c -DHEADER=report/bench_page.h -DPARTS=A,B
#         -DPART_A=file,file -DPART_B= -P linkprobe_embed.cmake
#
# defines the table `bench_page` that HEADER declares: a row a part, in order.
# A part without a file is empty.  Lists are parted by commas.
string(REPLACE "," ";" PARTS "${PARTS}")
set(arrays "")
set(table "")
foreach(part ${PARTS})
    set(hex "")
    string(REPLACE "," ";" files "${PART_${part}}")
    foreach(file ${files})
        file(READ "${file}" text)
        # it would end the <script> that the text goes into
        if(file MATCHES "\\.js$" AND text MATCHES "<(/[sS][cC][rR]|!--)")
            message(FATAL_ERROR "${file} cannot stand in a page")
        endif()
        file(READ "${file}" bytes HEX)
        string(APPEND hex "${bytes}")
    endforeach()
    string(LENGTH "${hex}" n)
    math(EXPR n "${n} / 2")
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(APPEND arrays
        "static const unsigned char ${part}[] = {\n${bytes}0\n};\n")
    string(APPEND table "    { ${part}, ${n} },\n")
endforeach()
file(WRITE "${OUTPUT}" "/* Made by linkprobe_embed.cmake. */\n"
    "#include \"${HEADER}\"\n\n${arrays}\n"
    "const struct bench_page_bytes bench_page[] = {\n${table}};\n")
