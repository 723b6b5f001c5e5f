import { Controller, Get } from '@nestjs/common';
import { StatesService } from './states.service.js';

@Controller('states')
export class StatesController {
  constructor(private readonly states: StatesService) {}

  @Get()
  list() {
    return this.states.summaries();
  }
}
