using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Runtime;

namespace Amazon.BedrockRuntime.Internal;

/// <summary>The service's enumerations travel as text, and may hold values that this version has no name for.</summary>
internal sealed class ConstantConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeof(ConstantClass).IsAssignableFrom(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert));

    private sealed class Of<TConstant> : JsonConverter<TConstant>
        where TConstant : ConstantClass
    {
        public override TConstant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            (TConstant)Activator.CreateInstance(typeof(TConstant), reader.GetString());

        public override void Write(Utf8JsonWriter writer, TConstant value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Value);
    }
}
