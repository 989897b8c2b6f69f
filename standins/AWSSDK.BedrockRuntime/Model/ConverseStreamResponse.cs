using Amazon.Runtime;

namespace Amazon.BedrockRuntime.Model;

public class ConverseStreamResponse : AmazonWebServiceResponse, IDisposable
{
    public ConverseStreamOutput Stream { get; set; }

    public void Dispose()
    {
        Stream?.Dispose();
        GC.SuppressFinalize(this);
    }
}
