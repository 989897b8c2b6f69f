using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;
using Amazon.Runtime.Documents;

namespace Amazon.BedrockRuntime.Internal;

/// <summary>How the model classes become the service's JSON: camel case, and only what is set.</summary>
internal static class Wire
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new ConstantConverter(), new DocumentConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutBaseMembers, LeaveOutUnsetDocuments } },
    };

    private static void LeaveOutBaseMembers(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.ToList())
        {
            if (property.AttributeProvider is MemberInfo { DeclaringType: { } owner } &&
                owner.Assembly == typeof(AmazonServiceClient).Assembly)
                type.Properties.Remove(property);
        }
    }

    private static void LeaveOutUnsetDocuments(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.PropertyType == typeof(Document)))
            property.ShouldSerialize = (_, value) => !((Document)value).IsNull();
    }
}
