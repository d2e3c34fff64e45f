// A bridge between MCP tools and OpenAI's models.
export { createBridge, type Bridge, type ChatResult, type ResponsesResult } from './bridge.ts';
export type {
  Approval,
  ApprovalRequest,
  BridgeOptions,
  CatalogOptions,
  RunOptions,
  RunSettings,
  SearchMode,
  ToolSource,
} from './bridge-options.ts';
export type { BridgeReport, QuarantinedTool } from './catalog.ts';
export type { BridgeEvent, FinishReason, RunResult, StartedToolRun, TokenUsage, ToolRun } from './events.ts';
export { ModelAnswerError, RunInterruptedError } from './errors.ts';
export type { ChatClient, ChatParams, ModelResponse, ResponsesClient, ResponsesParams } from './model-client.ts';
export { toHostedMcpTool, type HostedMcpOptions, type HostedMcpTool } from './hosted-mcp-tool.ts';

// Its parts, for loops of your own.
export { toOpenAITool } from './to-openai-tool.ts';
export { checkOpenAITool, checkOpenAITools, type CheckOptions } from './check-openai-tool.ts';
export type { OpenAIRule, OpenAIViolation } from './check/violation.ts';
export { nameTools, type NameCollision, type NamedTool, type ToolNames } from './names.ts';
export { readArguments, type ReadArguments } from './arguments.ts';
export { expandParallelCalls } from './parallel-calls.ts';
export { toChatMessages, toFunctionCallOutputs, type CallResult, type ResultOptions } from './results.ts';
export type {
  ChatFunctionTool,
  ConvertedTool,
  Loss,
  LossKind,
  ModelCall,
  OpenAIApi,
  OpenAIFunctionTool,
  ResponsesFunctionTool,
  StrictMode,
  ToOpenAIToolOptions,
} from './types.ts';
