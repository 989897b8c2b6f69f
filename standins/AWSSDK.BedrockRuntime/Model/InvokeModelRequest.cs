namespace Amazon.BedrockRuntime.Model;

public class InvokeModelRequest : AmazonBedrockRuntimeRequest
{
    public string ModelId { get; set; }

    public MemoryStream Body { get; set; }

    public string ContentType { get; set; }

    public string Accept { get; set; }
}
