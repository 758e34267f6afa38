// Protos as JSON for scripts: raw UTF-8, the protos' field names, whole numbers as numbers, empty lists written out.
#pragma once

#include <string>

namespace google::protobuf {
class Message;
}

namespace kawat::cli {

// One line, without a newline at the end. Unlike protobuf's own mapping, 64-bit integers are numbers: scripts compare
// them.
std::string ToJson(const google::protobuf::Message& message);

}  // namespace kawat::cli
