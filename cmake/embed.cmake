# cmake -DIN=file -DOUT=x.cpp -DNAMESPACE=a::b -DNAME=kText -P embed.cmake: a text file as a C++ constant.
file(READ ${IN} text)
string(FIND "${text}" ")kawat\"" found)
if(NOT found EQUAL -1)
  message(FATAL_ERROR "${IN} holds the end of the literal that it is put into")
endif()
file(WRITE ${OUT} "// Generated from ${IN}.
#include <string_view>
namespace ${NAMESPACE} {
extern const std::string_view ${NAME};
const std::string_view ${NAME} = R\"kawat(${text})kawat\";
}  // namespace ${NAMESPACE}
")
