#include "cli/json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <boost/json.hpp>

#include "absl/strings/numbers.h"
#include "base/check.h"

namespace kawat::cli {
namespace {

namespace json = boost::json;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

bool Is64Bit(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 || field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64;
}

void WriteNumbersAsNumbers(json::object& object, const Descriptor& type);

void WriteNumbersAsNumbers(json::value& value, const FieldDescriptor& field) {
  if (value.is_array()) {
    for (json::value& element : value.get_array()) {
      WriteNumbersAsNumbers(element, field);
    }
  } else if (value.is_string() && Is64Bit(field)) {
    std::int64_t number = 0;
    if (absl::SimpleAtoi(std::string(value.get_string()), &number)) {
      value = number;
    }
  } else if (value.is_object() && field.message_type() != nullptr && !field.is_map()) {
    WriteNumbersAsNumbers(value.get_object(), *field.message_type());
  }
}

void WriteNumbersAsNumbers(json::object& object, const Descriptor& type) {
  for (auto& [name, value] : object) {
    if (const FieldDescriptor* field = type.FindFieldByName(std::string(name)); field != nullptr) {
      WriteNumbersAsNumbers(value, *field);
    }
  }
}

}  // namespace

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string text;
  KAWAT_CHECK(google::protobuf::util::MessageToJsonString(message, &text, options).ok(), "a message does not print");
  json::value value = json::parse(text);
  WriteNumbersAsNumbers(value.get_object(), *message.GetDescriptor());
  return json::serialize(value);
}

}  // namespace kawat::cli
