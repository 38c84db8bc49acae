# cmake -D FOLDER=data -D OUTPUT=embedded.cpp -P embed.cmake
# Writes a C++ source with the data files as raw string literals, so that the
# program carries them and needs no file at run time.

function(as_literal file variable)
    file(READ "${file}" text)
    string(FIND "${text}" ")data\"" found)
    if(NOT found EQUAL -1)
        message(FATAL_ERROR "${file} holds )data\", which ends the literal")
    endif()
    set(${variable} "R\"data(${text})data\"" PARENT_SCOPE)
endfunction()

file(GLOB stacks "${FOLDER}/stacks/*.txt")
list(SORT stacks)
set(entries "")
foreach(file IN LISTS stacks)
    get_filename_component(name "${file}" NAME_WE)
    as_literal("${file}" literal)
    string(APPEND entries "    {\"${name}\", ${literal}},\n")
endforeach()
as_literal("${FOLDER}/middleboxes.txt" middleboxes)
as_literal("${FOLDER}/proofs.txt" proofs)

file(WRITE "${OUTPUT}" "#include \"analysis/recommend/embedded.hpp\"

namespace deadair::recommend {
namespace {

constexpr embedded_file stacks[] = {
${entries}};

constexpr std::string_view middleboxes = ${middleboxes};
constexpr std::string_view proofs = ${proofs};

}  // namespace

std::span<const embedded_file> embedded_stacks()
{
    return stacks;
}

std::string_view embedded_middleboxes()
{
    return middleboxes;
}

std::string_view embedded_proofs()
{
    return proofs;
}

}  // namespace deadair::recommend
")
