using System.Text.Json;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Amazon.BedrockRuntime.Internal;

/// <summary>How each operation's request and response lie in HTTP.</summary>
internal static class Operations
{
    public static readonly InvokeOptions Converse = new()
    {
        RequestMarshaller = new RequestWriter<ConverseRequest>("/model/{modelId}/converse", r => r.ModelId, WriteJson),
        ResponseUnmarshaller = new ResponseReader(context =>
            JsonSerializer.Deserialize<ConverseResponse>(context.Stream, Wire.Options)),
    };

    public static readonly InvokeOptions ConverseStream = new()
    {
        RequestMarshaller = new RequestWriter<ConverseStreamRequest>(
            "/model/{modelId}/converse-stream", r => r.ModelId, WriteJson),
        ResponseUnmarshaller = new ResponseReader(
            context => new ConverseStreamResponse { Stream = new ConverseStreamOutput(context.Stream) },
            streaming: true),
    };

    public static readonly InvokeOptions InvokeModel = new()
    {
        RequestMarshaller = new RequestWriter<InvokeModelRequest>("/model/{modelId}/invoke", r => r.ModelId, WriteBody),
        ResponseUnmarshaller = new ResponseReader(ReadBody),
    };

    private static byte[] WriteJson<TRequest>(TRequest request, IRequest http)
    {
        http.Headers["Content-Type"] = "application/json";
        return JsonSerializer.SerializeToUtf8Bytes(request, Wire.Options);
    }

    private static byte[] WriteBody(InvokeModelRequest request, IRequest http)
    {
        http.Headers["Content-Type"] = request.ContentType ?? "application/json";
        http.Headers["Accept"] = request.Accept ?? "application/json";
        return request.Body?.ToArray() ?? [];
    }

    private static InvokeModelResponse ReadBody(JsonUnmarshallerContext context)
    {
        MemoryStream body = new();
        context.Stream.CopyTo(body);
        body.Position = 0;
        return new InvokeModelResponse
        {
            Body = body,
            ContentType = context.ResponseData.GetHeaderValue("Content-Type"),
        };
    }
}
