using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Memory.Models.OpenAi;

/// <summary>
/// Chats with any endpoint that speaks OpenAI's protocol, over the official package: it makes the requests and carries
/// them, and answers are read leniently here. One call is one request. Failures are <see cref="ModelException"/>s.
/// </summary>
internal sealed class OpenAiChatClient(OpenAiChatModel model) : IChatClient
{
    private readonly ChatClient _chat = model.Endpoint.Chat(model.Id);

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        OpenAiRequest request = OpenAiRequest.Of(messages, options, model, stream: false);
        try
        {
            using PipelineResponse answer = await SendAsync(request, stream: false, cancellationToken);
            return OpenAiAnswer.Read(OpenAiJson.Parse(answer.Content.ToMemory()), request.AnswerTool);
        }
        catch (Exception failure) when (OpenAiErrors.Of(failure, cancellationToken) is { } told)
        {
            throw told;
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        OpenAiRequest request = OpenAiRequest.Of(messages, options, model, stream: true);
        var stream = new OpenAiStream(request.AnswerTool);
        using PipelineResponse answer = await OpenAsync(request, cancellationToken);
        await using IAsyncEnumerator<SseItem<string>> events = SseParser
            .Create(answer.ContentStream!, (_, data) => Encoding.UTF8.GetString(data))
            .EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(events, stream, cancellationToken) is { } words)
        {
            if (words.Length > 0)
                yield return stream.Piece(words);
        }

        yield return stream.End();
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("openai", model.Endpoint.Url, model.Id)
        : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private async Task<PipelineResponse> OpenAsync(OpenAiRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(request, stream: true, cancellationToken);
        }
        catch (Exception failure) when (OpenAiErrors.Of(failure, cancellationToken) is { } told)
        {
            throw told;
        }
    }

    private async Task<PipelineResponse> SendAsync(OpenAiRequest request, bool stream, CancellationToken cancellationToken)
    {
        var options = new RequestOptions { CancellationToken = cancellationToken, BufferResponse = !stream };
        ClientResult result = await _chat.CompleteChatAsync(BinaryContent.Create(request.Body), options);
        return result.GetRawResponse();
    }

    /// <returns>The words of the next event; null at the end of the answer.</returns>
    private static async Task<string?> NextAsync(IAsyncEnumerator<SseItem<string>> events, OpenAiStream stream, CancellationToken cancellationToken)
    {
        try
        {
            if (!await events.MoveNextAsync())
                return stream.IsWhole ? null : throw OpenAiErrors.Cut();
            string words = stream.Take(events.Current.Data);
            return stream.IsDone ? null : words;
        }
        catch (IOException) when (stream.IsWhole && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception failure) when (OpenAiErrors.Of(failure, cancellationToken) is { } told)
        {
            throw told;
        }
    }
}
