using System.Text.Json.Serialization;
using Amazon.Runtime.Documents;

namespace Amazon.BedrockRuntime.Model;

public class ConverseStreamRequest : AmazonBedrockRuntimeRequest
{
    [JsonIgnore]
    public string ModelId { get; set; }

    public List<Message> Messages { get; set; }

    public List<SystemContentBlock> System { get; set; }

    public InferenceConfiguration InferenceConfig { get; set; }

    public ToolConfiguration ToolConfig { get; set; }

    public Document AdditionalModelRequestFields { get; set; }
}
